import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{a}from"./chunk-2XWGMNOD.mjs";import"./chunk-LFJELVJI.mjs";export default a();
