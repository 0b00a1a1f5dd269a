import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{c as a,d as b,e as c}from"./chunk-BXMXOHDI.mjs";import"./chunk-5IDFBSMH.mjs";import"./chunk-EZ7WECSY.mjs";import"./chunk-3XG6BFBR.mjs";export{a as MAX_REPORT,b as parseReportOption,c as readReport};
