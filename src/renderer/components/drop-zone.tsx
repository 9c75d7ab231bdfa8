import { Button, FileButton } from '@mantine/core'
import { useState, type DragEvent, type ReactNode } from 'react'
import classes from './drop-zone.module.css'
import { droppedFiles, type FolderFile } from './dropped-files.ts'

interface Said { readonly title: string; readonly text: string; readonly button: string }

/** A place to drop files on, with a button for whoever does not drag. `accept`: endings, such as `.csv,.xml`. */
export function DropZone({ accept, multiple, onFiles, ...said }: Said & { accept: string; multiple: boolean; onFiles: (files: readonly File[]) => void }): ReactNode {
  return (
    <Zone {...said} onDrop={transfer => { onFiles([...transfer.files]) }}>
      <FileButton multiple={multiple} accept={accept} onChange={(files: File | File[] | null) => { onFiles(files === null ? [] : Array.isArray(files) ? files : [files]) }}>
        {props => <Button {...props}>{said.button}</Button>}
      </FileButton>
    </Zone>
  )
}

/** The same for a whole folder, or for one as a zip. */
export function FolderDropZone({ onFiles, zip, ...said }: Said & { zip: string; onFiles: (files: Promise<readonly FolderFile[]>) => void }): ReactNode {
  return (
    <Zone {...said} onDrop={transfer => { onFiles(droppedFiles(transfer)) }}>
      <div className={classes['buttons']}>
        <FileButton multiple inputProps={{ webkitdirectory: '' } as object} onChange={files => { if (files.length > 0) onFiles(Promise.resolve(files.map(file => ({ path: file.webkitRelativePath, file })))) }}>
          {props => <Button variant="default" {...props}>{said.button}</Button>}
        </FileButton>
        <FileButton accept=".zip" onChange={file => { if (file !== null) onFiles(Promise.resolve([{ path: file.name, file }])) }}>
          {props => <Button variant="default" {...props}>{zip}</Button>}
        </FileButton>
      </div>
    </Zone>
  )
}

function Zone({ title, text, onDrop, children }: { title: string; text: string; onDrop: (transfer: DataTransfer) => void; children: ReactNode }): ReactNode {
  const [over, setOver] = useState(false)
  const drop = (event: DragEvent): void => {
    event.preventDefault()
    setOver(false)
    onDrop(event.dataTransfer)
  }
  return (
    <div className={classes['drop']} data-over={over || undefined} onDrop={drop} onDragOver={event => { event.preventDefault(); setOver(true) }} onDragLeave={() => { setOver(false) }}>
      <h2>{title}</h2>
      <p>{text}</p>
      {children}
    </div>
  )
}
