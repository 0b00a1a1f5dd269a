#!/usr/bin/env node
"use strict";var l=Object.create;var c=Object.defineProperty;var L=Object.getOwnPropertyDescriptor;var a=Object.getOwnPropertyNames;var d=Object.getPrototypeOf,g=Object.prototype.hasOwnProperty;var w=(e,s,r,i)=>{if(s&&typeof s=="object"||typeof s=="function")for(let t of a(s))!g.call(e,t)&&t!==r&&c(e,t,{get:()=>s[t],enumerable:!(i=L(s,t))||i.enumerable});return e};var S=(e,s,r)=>(r=e!=null?l(d(e)):{},w(s||!e||!e.__esModule?c(r,"default",{value:e,enumerable:!0}):r,e));var p="0.1.0";var n=process.argv.slice(2),[o]=n.length===1?n:[];o==="--version"||o==="-V"?process.stdout.write(`${p}
`):o==="--help"||o==="-h"?process.stdout.write(`Usage: plimsoll [options] [command]

One verdict for a release: what is on board, whether it may sail, and the papers
for it.

Options:
  -V, --version              output the version number
  --quiet                    print nothing but the document and errors
  --verbose                  say more on standard error
  --no-color                 no colours, whatever the terminal
  -h, --help                 display help for command

Commands:
  scan [options] [paths...]  collect, match, check licences, apply the policy,
                             report
  sbom [options] [path]      write a CycloneDX SBOM
  licenses [options] [path]  list and check licences
  db [options]               The advisory mirror: a local copy of OSV records.
  policy [options]           The policy file.
  help [command]             display help for command

Examples:
  $ plimsoll scan
  $ plimsoll sbom -o sbom.cdx.json
  $ plimsoll db import npm/all.zip PyPI/all.zip

`):import("./program.mjs").then(async({run:e})=>{process.exitCode=await e(n)},e=>{process.exitCode=70,process.stderr.write(`internal error: ${String(e)}
`)});
