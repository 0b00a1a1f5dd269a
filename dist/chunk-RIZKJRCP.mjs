import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{c as a,d as b,e as c}from"./chunk-G7BAUBKP.mjs";import"./chunk-BYRGN5O3.mjs";import"./chunk-XS36QNCF.mjs";import"./chunk-BSHOJVTT.mjs";import"./chunk-DSJW6HNY.mjs";export{a as MAX_REPORT,b as parseReportOption,c as readReport};
