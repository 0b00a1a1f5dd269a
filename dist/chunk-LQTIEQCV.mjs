import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{c as a,d as b,e as c}from"./chunk-IGHGQFSF.mjs";import"./chunk-ZPKDPUJE.mjs";import"./chunk-7MOYAVVF.mjs";export{a as MAX_REPORT,b as parseReportOption,c as readReport};
