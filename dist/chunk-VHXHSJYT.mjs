import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{a}from"./chunk-IJ5SH5RH.mjs";import"./chunk-3VXSGEZJ.mjs";import"./chunk-2PTBHYW7.mjs";export{a as renderCycloneDx};
