import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{a}from"./chunk-BK72PBZQ.mjs";import"./chunk-U66NQLTY.mjs";export{a as renderCycloneDx};
