import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{d as a,e as b,f as c}from"./chunk-C6MNI4W2.mjs";import"./chunk-ELCW5PNC.mjs";import"./chunk-L22642VX.mjs";import"./chunk-2PTBHYW7.mjs";export{a as MAX_REPORT,b as parseReportOption,c as readReport};
