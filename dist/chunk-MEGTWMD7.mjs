import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{a}from"./chunk-S6O3EUWI.mjs";import"./chunk-VIQBGLOU.mjs";import"./chunk-EXIJNTJF.mjs";import"./chunk-RPTCGKTE.mjs";import"./chunk-HZDLQZCL.mjs";import"./chunk-U66NQLTY.mjs";export{a as noteSarif};
