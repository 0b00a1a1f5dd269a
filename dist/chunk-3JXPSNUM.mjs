import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{a}from"./chunk-55CZM3IV.mjs";import"./chunk-TUIDYL7H.mjs";export{a as renderCycloneDx};
