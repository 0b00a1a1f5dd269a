import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{b as a,c as b}from"./chunk-6BCWOFKV.mjs";import"./chunk-VIQBGLOU.mjs";import"./chunk-EXIJNTJF.mjs";import"./chunk-RPTCGKTE.mjs";import"./chunk-HZDLQZCL.mjs";import"./chunk-U66NQLTY.mjs";export{b as sarifDocument,a as sarifReporter};
