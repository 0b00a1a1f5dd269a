import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{d as a,e as b,f as c}from"./chunk-BFALV4HS.mjs";import"./chunk-BYRGN5O3.mjs";import"./chunk-XS36QNCF.mjs";import"./chunk-BSHOJVTT.mjs";import"./chunk-DSJW6HNY.mjs";export{a as MAX_REPORT,b as parseReportOption,c as readReport};
