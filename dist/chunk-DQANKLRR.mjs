import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
var r=["PyPI","npm"],o=["runtime","dev","optional","peer","build","unknown"];function t(n){return n.scopes.every(e=>e==="dev"||e==="build")?"dev":"runtime"}export{r as a,o as b,t as c};
