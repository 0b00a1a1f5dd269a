import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{a}from"./chunk-D3YYMP7Z.mjs";import"./chunk-32ECLG7Q.mjs";import"./chunk-QRZY2T6U.mjs";import"./chunk-ZC7KH7P2.mjs";import"./chunk-JZI77DHM.mjs";import"./chunk-XS36QNCF.mjs";import"./chunk-DSJW6HNY.mjs";export{a as noteSarif};
