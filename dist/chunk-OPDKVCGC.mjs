import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{b as a,c as b}from"./chunk-XTNWZ7HN.mjs";import"./chunk-32ECLG7Q.mjs";import"./chunk-QRZY2T6U.mjs";import"./chunk-ZC7KH7P2.mjs";import"./chunk-JZI77DHM.mjs";import"./chunk-XS36QNCF.mjs";import"./chunk-DSJW6HNY.mjs";export{b as sarifDocument,a as sarifReporter};
