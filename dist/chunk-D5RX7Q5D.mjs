import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
var s={scan:["console","json","markdown","sarif","cyclonedx"],sbom:["cyclonedx"],licenses:["console","json"],db:["console","json"]};export{s as a};
