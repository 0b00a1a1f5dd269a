import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{a}from"./chunk-H7A5OYUQ.mjs";import"./chunk-23GHQL5U.mjs";import"./chunk-DQANKLRR.mjs";import"./chunk-UYTBQCV4.mjs";import"./chunk-2PTBHYW7.mjs";export{a as renderCycloneDx};
