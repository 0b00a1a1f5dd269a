import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{a}from"./chunk-VYCXCX6O.mjs";import"./chunk-DQANKLRR.mjs";import"./chunk-JUVIXQCQ.mjs";import"./chunk-2PTBHYW7.mjs";export{a as renderCycloneDx};
