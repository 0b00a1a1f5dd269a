import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{a}from"./chunk-R5HCOWDT.mjs";import"./chunk-3XG6BFBR.mjs";export{a as renderCycloneDx};
