import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{a}from"./chunk-IAMFTDGK.mjs";import"./chunk-XFXEMIU3.mjs";import"./chunk-2PTBHYW7.mjs";export{a as renderCycloneDx};
