import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{c as a,d as b,e as c}from"./chunk-MR4NTGPJ.mjs";import"./chunk-DUAR35B6.mjs";import"./chunk-WAKXSP2W.mjs";import"./chunk-HHIVYOWT.mjs";export{a as MAX_REPORT,b as parseReportOption,c as readReport};
