import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{a}from"./chunk-653ZO65K.mjs";import"./chunk-7MOYAVVF.mjs";export{a as renderCycloneDx};
