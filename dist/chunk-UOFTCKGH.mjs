import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{a}from"./chunk-YP3KLHJ3.mjs";import"./chunk-OQWRCI7Z.mjs";export{a as renderCycloneDx};
