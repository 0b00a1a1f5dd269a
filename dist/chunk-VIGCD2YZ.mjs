import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{b as d,c as a}from"./chunk-7JYHVTG7.mjs";import"./chunk-TXGLJZ63.mjs";import{a as s}from"./chunk-5KYL3Y2S.mjs";import"./chunk-6OH7GNJM.mjs";import"./chunk-C4PA4RFZ.mjs";import"./chunk-LCISGGBA.mjs";import"./chunk-2GWKTROK.mjs";import"./chunk-2PTBHYW7.mjs";async function $(t,i,n){let e=await d(n.cwd,t[0]),{policy:l,exceptions:m,files:p}=e,{advisories:o}=l,{allow:r}=a(e),u=r.runtime!==void 0||r.dev!==void 0;return await n.print([`${p.join(" extends ")}: valid
`,`advisories: runtime ${c(o.runtime)}; dev ${c(o.dev)}; malware ${o.malware}; unscored ${o.unscored}
`,`licences: ${u?"gated":"not gated, licenses.allow is not set"}
`,`exceptions: ${m.length}
`]),s.pass}function c(t){let i=Object.entries(t).filter(([,n])=>n!==void 0&&n!=="never");return i.length===0?"ignored":i.map(([n,e])=>`${n} from ${String(e)}`).join(", ")}export{$ as run};
