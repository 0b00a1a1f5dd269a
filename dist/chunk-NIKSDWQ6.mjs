import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{a}from"./chunk-YFOV7RUV.mjs";import"./chunk-LFJELVJI.mjs";export{a as renderCycloneDx};
