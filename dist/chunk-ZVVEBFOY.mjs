import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{a}from"./chunk-RTFWKMQV.mjs";import"./chunk-FEWNS2OS.mjs";export{a as renderCycloneDx};
