import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{c as a,d as b,e as c}from"./chunk-WXW24HEI.mjs";import"./chunk-U2ROZ7SI.mjs";import"./chunk-547KKVGH.mjs";import"./chunk-FEWNS2OS.mjs";export{a as MAX_REPORT,b as parseReportOption,c as readReport};
