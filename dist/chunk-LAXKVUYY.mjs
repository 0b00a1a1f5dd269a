import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{a}from"./chunk-Z2LC4G4C.mjs";import"./chunk-7MOYAVVF.mjs";export default a();
