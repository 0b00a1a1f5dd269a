import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{a}from"./chunk-VUJRE4YL.mjs";import"./chunk-HRZYY32S.mjs";import"./chunk-O4H2NMCT.mjs";import"./chunk-7AFCU6EQ.mjs";import"./chunk-7MOYAVVF.mjs";export{a as noteWithheld};
