import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{c as a,d as b,e as c}from"./chunk-677LMUIR.mjs";import"./chunk-BGUG65DR.mjs";import"./chunk-LFJELVJI.mjs";export{a as MAX_REPORT,b as parseReportOption,c as readReport};
