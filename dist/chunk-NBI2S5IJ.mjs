import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{a}from"./chunk-3BU7X3KK.mjs";import"./chunk-DQANKLRR.mjs";import"./chunk-23GHQL5U.mjs";import"./chunk-UYTBQCV4.mjs";import"./chunk-2PTBHYW7.mjs";export{a as renderCycloneDx};
