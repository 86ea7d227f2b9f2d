export const title = 'Conditions générales d’utilisation de l’extranet partenaires (modèle)';

export const content = `> Modèle à remplacer par les conditions du responsable de traitement.

## 1. Objet
{{controller.name}} met cet extranet à la disposition de ses partenaires. L’utiliser, c’est accepter ces conditions et la charte de données personnelles.

## 2. Compte
L’identifiant et le mot de passe sont strictement personnels et secrets. Toute connexion inhabituelle vous est signalée, et vous pouvez fermer vos sessions à tout moment.

## 3. Données nécessaires
Les champs signalés comme obligatoires sont nécessaires au service : sans eux, il ne peut pas être fourni.

## 4. Nouvelles versions
Une nouvelle version prend effet à sa publication sur l’extranet. Votre accord vous est demandé à la connexion suivante.

## 5. Refus
Si vous n’approuvez pas ces conditions, cessez d’utiliser l’extranet et écrivez à {{controller.dpoEmail}} : les données déjà recueillies seront supprimées.
`;
