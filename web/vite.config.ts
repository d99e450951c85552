import path from 'node:path'
import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const here = path.dirname(fileURLToPath(import.meta.url))

/** Parts that change rarely, apart from our own code: a new release leaves them in the browser's cache. */
const chunkOf = (id: string): string | undefined => {
  if (!id.includes('node_modules')) return undefined
  if (/node_modules\/(?:react|react-dom|scheduler)\//.test(id)) return 'react'
  if (/node_modules\/(?:echarts|zrender)\//.test(id)) return 'echarts'
  if (id.includes('node_modules/cytoscape/')) return 'cytoscape'
  return undefined
}

export default defineConfig({
  root: here,
  base: '/',
  plugins: [react()],
  build: {
    outDir: path.join(here, '../dist/web'),
    emptyOutDir: true,
    target: 'es2023',
    sourcemap: false,
    // Small files inside others would need `data:` in the content security policy.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
    rolldownOptions: { output: { manualChunks: chunkOf } },
  },
  server: { port: 5180, proxy: { '/api': 'http://127.0.0.1:5181' } },
})
