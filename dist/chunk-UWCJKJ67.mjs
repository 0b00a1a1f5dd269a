import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{c as a,d as b,e as c}from"./chunk-SH3TGAMK.mjs";import"./chunk-EXW2OB4J.mjs";import"./chunk-5TXD7OLC.mjs";import"./chunk-U66NQLTY.mjs";export{a as MAX_REPORT,b as parseReportOption,c as readReport};
