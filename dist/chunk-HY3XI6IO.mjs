import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{a}from"./chunk-F3A3XPMM.mjs";import"./chunk-N3W5WPR4.mjs";export default a();
