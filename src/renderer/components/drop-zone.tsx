import { Button, FileButton } from '@mantine/core'
import { useState, type DragEvent, type ReactNode } from 'react'
import classes from './drop-zone.module.css'

/** A place to drop files on, with a button for whoever does not drag. `accept`: endings, such as `.csv,.xml`. */
export function DropZone({ title, text, button, accept, multiple, onFiles }: { title: string; text: string; button: string; accept: string; multiple: boolean; onFiles: (files: readonly File[]) => void }): ReactNode {
  const [over, setOver] = useState(false)
  const drop = (event: DragEvent): void => {
    event.preventDefault()
    setOver(false)
    onFiles([...event.dataTransfer.files])
  }
  return (
    <div className={classes['drop']} data-over={over || undefined} onDrop={drop} onDragOver={event => { event.preventDefault(); setOver(true) }} onDragLeave={() => { setOver(false) }}>
      <h2>{title}</h2>
      <p>{text}</p>
      <FileButton multiple={multiple} accept={accept} onChange={(files: File | File[] | null) => { onFiles(files === null ? [] : Array.isArray(files) ? files : [files]) }}>
        {props => <Button {...props}>{button}</Button>}
      </FileButton>
    </div>
  )
}
