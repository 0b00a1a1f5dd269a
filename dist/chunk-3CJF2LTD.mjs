import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{a}from"./chunk-E4QAV2X7.mjs";import"./chunk-N3W5WPR4.mjs";export{a as renderCycloneDx};
