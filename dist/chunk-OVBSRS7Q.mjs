import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{a}from"./chunk-IT3ML5FC.mjs";import"./chunk-FBQZJJCZ.mjs";import"./chunk-2PTBHYW7.mjs";export{a as renderCycloneDx};
