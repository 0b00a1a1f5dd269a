import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
var e=["critical","high","medium","low","info","unscored"];export{e as a};
