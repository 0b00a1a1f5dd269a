import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{c as a,d as b,e as c}from"./chunk-4UG635UG.mjs";import"./chunk-DUAR35B6.mjs";import"./chunk-G4FDX7U5.mjs";import"./chunk-HHIVYOWT.mjs";export{a as MAX_REPORT,b as parseReportOption,c as readReport};
