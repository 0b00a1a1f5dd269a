import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{a}from"./chunk-WJ2MRS33.mjs";import"./chunk-PFYTC3PB.mjs";import"./chunk-2PTBHYW7.mjs";export{a as renderCycloneDx};
