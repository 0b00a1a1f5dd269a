#!/usr/bin/env node
"use strict";var d=Object.create;var c=Object.defineProperty;var l=Object.getOwnPropertyDescriptor;var L=Object.getOwnPropertyNames;var f=Object.getPrototypeOf,E=Object.prototype.hasOwnProperty;var g=(e,o,r,i)=>{if(o&&typeof o=="object"||typeof o=="function")for(let s of L(o))!E.call(e,s)&&s!==r&&c(e,s,{get:()=>o[s],enumerable:!(i=l(o,s))||i.enumerable});return e};var P=(e,o,r)=>(r=e!=null?d(f(e)):{},g(o||!e||!e.__esModule?c(r,"default",{value:e,enumerable:!0}):r,e));var p="0.1.0";var t=process.argv.slice(2),[n]=t.length===1?t:[];n==="--version"||n==="-V"?a(`${p}
`):n==="--help"||n==="-h"?a(`Usage: plimsoll [options] [command]

One verdict for a release: what is on board, whether it may sail, and the papers
for it.

Options:
  -V, --version                 output the version number
  --offline                     open no socket
  --quiet                       no notes on standard error, errors alone
  --verbose                     say on standard error what was read, and where
                                an internal error arose
  --no-color                    no colours, whatever the terminal
  -h, --help                    display help for command

Commands:
  scan [options] [paths...]     collect, match, check licences, apply the
                                policy, report
  sbom [options] [path]         write a CycloneDX SBOM
  sarif [options] [reports...]  reports of other tools as one SARIF file
  licenses [options] [path]     list and check licences
  db [options]                  The advisory mirror: a local copy of OSV
                                records.
  policy [options]              The policy file.
  help [command]                display help for command

Examples:
  $ plimsoll scan
  $ plimsoll sbom -o sbom.cdx.json
  $ plimsoll db import npm/all.zip PyPI/all.zip

`):import("./program.mjs").then(async({run:e})=>{process.exitCode=await e(t)},e=>{process.exitCode=70,process.stderr.write(`internal error: ${String(e)}
`)});function a(e){let o=r=>{r instanceof Error&&"code"in r&&r.code==="EPIPE"||(process.exitCode=3)};process.stdout.on("error",o);try{process.stdout.write(e)}catch(r){o(r)}}
