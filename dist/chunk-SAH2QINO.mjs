import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{a}from"./chunk-GD5XLXLT.mjs";import"./chunk-OQWRCI7Z.mjs";export default a();
