import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{d as a,e as b,f as c}from"./chunk-7DCHRHWS.mjs";import"./chunk-TS4DAJ6K.mjs";import"./chunk-3VXSGEZJ.mjs";import"./chunk-2PTBHYW7.mjs";export{a as MAX_REPORT,b as parseReportOption,c as readReport};
