import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{b as a,c}from"./chunk-HCNRF446.mjs";import"./chunk-TXGLJZ63.mjs";import{a as d}from"./chunk-5KYL3Y2S.mjs";import"./chunk-6OH7GNJM.mjs";import"./chunk-C4PA4RFZ.mjs";import"./chunk-LCISGGBA.mjs";import"./chunk-2GWKTROK.mjs";import"./chunk-2PTBHYW7.mjs";async function b(i,o,e){let n=await a(e.cwd,i[0]),{policy:r,exceptions:l,files:p}=n,{advisories:t}=r,{allow:s}=c(n),u=s.runtime!==void 0||s.dev!==void 0;return await e.print([`${p.join(" extends ")}: valid
`,`advisories: runtime ${m(t.runtime)}; dev ${m(t.dev)}; malware ${t.malware}; KEV ${t.kev}; EPSS ${f(t.epss)}; unscored ${t.unscored}
`,`licences: ${u?"gated":"not gated, licenses.allow is not set"}
`,`exceptions: ${l.length}
`]),d.pass}function f({fail:i,warn:o}){return Object.entries({fail:i,warn:o}).filter(([,n])=>n!==void 0).map(([n,r])=>`${n} from ${r}`).join(", ")||"ignored"}function m(i){let o=Object.entries(i).filter(([,e])=>e!==void 0&&e!=="never");return o.length===0?"ignored":o.map(([e,n])=>`${e} from ${String(n)}`).join(", ")}export{b as run};
