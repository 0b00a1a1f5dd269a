import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{a}from"./chunk-WNM3XIIK.mjs";import"./chunk-TUIDYL7H.mjs";export default a();
