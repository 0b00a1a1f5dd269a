import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{c as a,d as b,e as c}from"./chunk-BVYSBAA3.mjs";import"./chunk-KCBDBKVD.mjs";import"./chunk-YX7DHS47.mjs";import"./chunk-N3W5WPR4.mjs";export{a as MAX_REPORT,b as parseReportOption,c as readReport};
