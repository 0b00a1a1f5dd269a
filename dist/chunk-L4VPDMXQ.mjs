import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{a}from"./chunk-252QDS4J.mjs";import"./chunk-DSJW6HNY.mjs";export default a();
