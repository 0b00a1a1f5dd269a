import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{a}from"./chunk-2LFN7UJO.mjs";import"./chunk-DSJW6HNY.mjs";export{a as renderCycloneDx};
