import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{c as a,d as b,e as c}from"./chunk-5BS6BK4N.mjs";import"./chunk-FKZTIFUJ.mjs";import"./chunk-OQWRCI7Z.mjs";export{a as MAX_REPORT,b as parseReportOption,c as readReport};
