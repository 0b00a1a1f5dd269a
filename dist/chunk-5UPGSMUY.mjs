import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{a}from"./chunk-D2ZBZH2C.mjs";import"./chunk-RK6IEZJE.mjs";import"./chunk-WAC2IAIP.mjs";import"./chunk-KMIB4D6Z.mjs";import"./chunk-N3W5WPR4.mjs";export{a as noteWithheld};
