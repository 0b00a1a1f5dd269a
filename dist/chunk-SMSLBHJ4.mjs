import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{d as a,e as b,f as c}from"./chunk-7AJWE5AB.mjs";import"./chunk-XUSKX2LX.mjs";import"./chunk-XFXEMIU3.mjs";import"./chunk-2PTBHYW7.mjs";export{a as MAX_REPORT,b as parseReportOption,c as readReport};
