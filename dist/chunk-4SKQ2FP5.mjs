import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{a}from"./chunk-AUNGTSWD.mjs";import"./chunk-HHIVYOWT.mjs";export{a as renderCycloneDx};
